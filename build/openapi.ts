// Writes openapi.yaml, which the routes emit.
import { writeFileSync } from 'node:fs'
import { openapiYaml } from '../src/openapi.ts'

writeFileSync(new URL('../openapi.yaml', import.meta.url), await openapiYaml())
