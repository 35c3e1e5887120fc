// The parts of Swagger UI that the page uses; the package has no types.

/** An element, made by React. */
export type Element = { readonly props: object }
export type Component<Props> = (props: Props) => Element | null

export interface System {
  React: {
    createElement<Props>(
      type: string | Component<Props>,
      props: Props | null,
      ...children: (Element | string)[]
    ): Element
  }
  specSelectors: { specJson(): { getIn(path: readonly string[]): { toJS(): unknown } | undefined } }
}

/** The props of the component that shows the parameters of an operation. */
export interface OfOperation {
  pathMethod: readonly [path: string, method: string]
}

/** Replaces a component by one that may use it. */
export type Wrap<Props> = (original: Component<Props>, system: System) => Component<Props>

/** Returns the value at `path` of the document, with its references resolved. */
export type ResolveSubtree = (document: object, path: readonly string[], options: object) => Promise<object>

export interface Plugin {
  /** Called after the plugins of Swagger UI were loaded. */
  afterLoad?(system: { fn: { resolveSubtree: ResolveSubtree } }): void
  wrapComponents?: {
    parameters?: Wrap<OfOperation>
    /** The text that links to an operation. */
    DeepLink?: Wrap<{ text: string }>
    /** The choice between the servers of the document. */
    ServersContainer?: Wrap<object>
    ExamplesSelect?: Wrap<object>
    InfoContainer?: Wrap<object>
    HighlightCode?: Wrap<object>
  }
}

export interface SentRequest {
  url: string
  headers: Record<string, string>
}

export interface ReceivedResponse {
  /** Undefined for files. */
  text?: string
}

export interface Options {
  dom_id: string
  spec: object
  plugins: readonly (() => Plugin)[]
  requestInterceptor(request: SentRequest): Promise<SentRequest>
  responseInterceptor(response: ReceivedResponse): ReceivedResponse
  onComplete(): void
  deepLinking: boolean
  displayRequestDuration: boolean
  docExpansion: 'list'
  defaultModelsExpandDepth: number
  syntaxHighlight: { theme: 'obsidian' }
  tryItOutEnabled: boolean
  validatorUrl: null
}

export interface SwaggerUI {
  /** Fills in the value of a security scheme; for a Bearer scheme, the token. */
  preauthorizeApiKey(scheme: string, value: string): void
}

declare global {
  const SwaggerUIBundle: (options: Options) => SwaggerUI
}
