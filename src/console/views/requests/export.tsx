// A request as text that can be sent again or put into a test.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Code } from '../../components/code.tsx'
import { inSandbox, send } from '../../state/server.ts'

const FORMS = [
  { path: 'curl', title: 'curl', hint: 'A command for a shell. Each secret is a variable that you set.' },
  { path: 'http', title: '.http file', hint: 'For the HTTP clients of IntelliJ and VS Code.' },
  { path: 'exchange', title: 'Exchange', hint: 'The command and its response, in the format of the fixtures.' },
]

export function ExportPart({ id }: { id: string }) {
  return (
    <div class="message">
      {FORMS.map(({ path, title, hint }) => (
        <section key={path}>
          <h3>{title}</h3>
          <p class="hint">{hint}</p>
          <ExportText id={id} path={path} title={title} />
        </section>
      ))}
    </div>
  )
}

function ExportText({ id, path, title }: { id: string; path: string; title: string }) {
  const text = useSignal('')
  useEffect(() => {
    send(inSandbox(`/requests/${encodeURIComponent(id)}/${path}`))
      .then(response => response.text())
      .then(
        found => {
          text.value = found
        },
        error => {
          text.value = error.message
        },
      )
  }, [id, path])
  return <Code text={text.value.trimEnd()} copied={text.value} label={title} />
}
