// The sandboxes of the server, their snapshots, and the history of the one that is shown.
import { sandboxes } from '../../state/sandbox.ts'
import { SandboxList } from './list.tsx'
import { Rewind } from './rewind.tsx'
import { SnapshotList } from './snapshots.tsx'

export function SandboxesView() {
  const all = sandboxes.value.value
  if (all === undefined) return <p class="loading">Reading the sandboxes…</p>
  return (
    <div class="sandbox-parts">
      <SandboxList sandboxes={all} />
      <Rewind sandboxes={all} />
      <SnapshotList />
    </div>
  )
}
