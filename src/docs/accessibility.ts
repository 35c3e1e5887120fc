// Corrects what Swagger UI lacks for users of a keyboard or a screen reader.
import type { Plugin } from './swagger-ui.ts'

export function correctAccessibility(): Plugin {
  return {
    wrapComponents: {
      // A link within the button that opens an operation. The button changes the URL as well.
      DeepLink:
        (_original, { React }) =>
        ({ text }) =>
          React.createElement('span', null, text),
      // A list without a name, of the one server that there is.
      ServersContainer: () => () => null,
      ExamplesSelect:
        (original, { React: { createElement } }) =>
        props =>
          createElement(
            'label',
            null,
            createElement('span', { className: 'hidden-label' }, 'Example: '),
            createElement(original, props),
          ),
      // Outside of all landmarks, and without a heading for what follows.
      InfoContainer:
        (original, { React: { createElement } }) =>
        props =>
          createElement(
            'section',
            { 'aria-label': 'About this API' },
            createElement(original, props),
            createElement('h2', { className: 'operations-heading' }, 'Operations'),
          ),
      // A text that scrolls, but cannot be reached with the keyboard.
      HighlightCode:
        (original, { React: { createElement } }) =>
        props =>
          createElement(
            'div',
            { className: 'code', role: 'group', 'aria-label': 'Text', tabIndex: 0 },
            createElement(original, props),
          ),
    },
  }
}
