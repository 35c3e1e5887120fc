// The bar above all views: sandbox, clock, connection, theme and help.
import { connection } from '../../state/events.ts'
import { clock, sandboxes } from '../../state/sandbox.ts'
import { dateTimeText } from '../../state/text.ts'
import { nextTheme, theme } from '../../state/theme.ts'
import { goTo, hrefOfView, inAddressedSandbox, sandboxName, serverUrl } from '../../state/url.ts'
import { shownView } from '../../views/index.ts'
import { IconButton } from '../button.tsx'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'

export function TopBar({ onHelp }: { onHelp(): void }) {
  return (
    <header class="top-bar">
      <Link class="brand" aria-label="Firedrill" href={hrefOfView(shownView.value.id)}>
        <img src={`${serverUrl}/__console/icon.svg`} alt="" width="24" height="24" />
        <span>Firedrill</span>
      </Link>
      <SandboxChoice />
      <ClockText />
      <ConnectionText />
      <div class="tools">
        <a
          class="button quiet icon-only"
          href={inAddressedSandbox('/docs')}
          title="API documentation"
          aria-label="API documentation"
        >
          <Icon name="book" />
        </a>
        <IconButton icon="help" label="Keyboard shortcuts" onClick={onHelp} />
        <ThemeButton />
      </div>
    </header>
  )
}

function SandboxChoice() {
  const shown = sandboxName.value
  const names = new Set([...(sandboxes.value.value ?? []).map(({ name }) => name), shown])
  return (
    <label class="sandbox-choice">
      <Icon name="sandboxes" />
      <span class="visually-hidden">Sandbox</span>
      <select
        value={shown}
        onChange={({ currentTarget }) => goTo(hrefOfView(shownView.value.id, { sandbox: currentTarget.value }))}
      >
        {[...names].map(name => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}

function ClockText() {
  const { value } = clock.value
  if (!value) return <span class="clock-text" />
  const speed = value.mode === 'scaled' ? `${value.factor}×` : value.mode
  return (
    <span class="clock-text" title="The virtual time of the sandbox, in UTC, and how its clock runs">
      <Icon name="clock" />
      <time dateTime={value.now}>{dateTimeText(value.now)}</time>
      <span class="mode">{speed}</span>
    </span>
  )
}

const CONNECTION_TEXTS = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Offline',
  refused: 'Refused',
}

function ConnectionText() {
  const { state } = connection.value
  return (
    <span class={`connection ${state}`} role="status">
      {CONNECTION_TEXTS[state]}
    </span>
  )
}

const THEME_ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const

function ThemeButton() {
  return <IconButton icon={THEME_ICONS[theme.value]} label={`Theme: ${theme.value}`} onClick={nextTheme} />
}
