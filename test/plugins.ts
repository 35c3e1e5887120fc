// Builds tap with the plugins of .taprc after an installation. tap would do it only after its first run.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const fromTap = createRequire(createRequire(import.meta.url).resolve('tap/package.json'))
const built = readFileSync(fromTap.resolve('@tapjs/test/test-built'), 'utf8')

// One of tap's own plugins, which .taprc turns off.
if (built.includes('@tapjs/typescript')) execFileSync('tap', ['build'], { stdio: ['ignore', 'ignore', 'inherit'] })
