// Says whether this Node.js is new enough. Imports nothing, so that it can be asked before anything native is loaded.

const MIN_NODE = { major: 22, minor: 18 }

/** Why this Node.js cannot run Firedrill; undefined when it can. */
export function nodeProblem(version = process.versions.node): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNewEnough = major > MIN_NODE.major || (major === MIN_NODE.major && minor >= MIN_NODE.minor)
  return isNewEnough
    ? undefined
    : `firedrill: needs Node.js ${MIN_NODE.major}.${MIN_NODE.minor} or newer, this is ${version}`
}
