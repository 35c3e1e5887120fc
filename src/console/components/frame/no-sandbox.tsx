// Shown instead of a view when there is no such sandbox.
import { retryNow } from '../../state/events.ts'
import { call } from '../../state/server.ts'
import { withToast } from '../../state/toasts.ts'
import { hrefOfView } from '../../state/url.ts'
import { shownView } from '../../views/index.ts'
import { Button } from '../button.tsx'
import { Empty } from '../empty.tsx'
import { Link } from '../link.tsx'

export function NoSandbox({ name }: { name: string }) {
  const create = async () => {
    if (await withToast(() => call('/sandboxes', { method: 'POST', body: { name } }), `Sandbox ${name} created`))
      retryNow()
  }
  return (
    <Empty icon="sandboxes" title={`There is no sandbox “${name}”`}>
      <p>It may have been deleted. A new one starts with the initial state of the server.</p>
      <div class="actions">
        <Button look="primary" icon="plus" onClick={create}>
          Create it
        </Button>
        <Link class="button plain" href={hrefOfView(shownView.value.id, { sandbox: 'default' })}>
          Show the default sandbox
        </Link>
      </div>
    </Empty>
  )
}
