// Starts the server from the sources for `npm start`, and stops it when npm is stopped.

// npm passes signals to the shell that it starts, and not every shell passes them on. `exec` would replace the shell, but Windows
// has none.
const shell = process.ppid
const watch = setInterval(() => {
  if (process.ppid === shell) return
  clearInterval(watch)
  process.kill(process.pid, 'SIGTERM')
}, 200).unref()

await import('../src/cli.ts')
