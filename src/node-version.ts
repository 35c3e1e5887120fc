// Says whether this runtime can run Firedrill. Imports nothing, so that it can be asked before anything native is loaded.

const MIN_NODE = { major: 22, minor: 18 }

/** Why this runtime cannot run Firedrill; undefined when it can. */
export function nodeProblem(version = process.versions.node, deno = process.versions.deno): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNewEnough = major > MIN_NODE.major || (major === MIN_NODE.major && minor >= MIN_NODE.minor)
  // Deno names a Node.js version, too, but archives fail: its ciphers and streams are not the same.
  if (isNewEnough && deno === undefined) return undefined
  const runtime = deno === undefined ? version : `Deno ${deno}`
  return `firedrill: needs Node.js ${MIN_NODE.major}.${MIN_NODE.minor} or newer, this is ${runtime}`
}
