// Makes the software bill of materials (SBOM) of the package in the CycloneDX format, and checks the licences.
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import { PackageURL } from 'packageurl-js'
import { ALLOWED_LICENSES } from './allowed-licenses.ts'

export interface Part {
  name: string
  version: string
  /** An SPDX identifier. */
  license?: string | undefined
  /** Its code is in the files of the package; otherwise it is installed beside it. */
  isBundled: boolean
  /** SQLite is not. */
  isNpmPackage: boolean
}

/** Contains neither the time nor anything random: the same parts give the same text. Throws for a licence that is not allowed. */
export function bomOf(root: Omit<Part, 'isBundled' | 'isNpmPackage'>, parts: readonly Part[]): string {
  const refused = parts.filter(({ license }) => !ALLOWED_LICENSES.includes(license ?? ''))
  if (refused.length > 0) {
    const list = refused.map(({ name, version, license }) => `${name} ${version} (${license ?? 'no licence'})`)
    throw new Error(`these licences are not allowed: ${list.join(', ')}; see build/allowed-licenses.ts`)
  }
  const bom = new Models.Bom()
  const application = componentOf({ ...root, isBundled: false, isNpmPackage: true }, Enums.ComponentType.Application)
  bom.metadata.component = application
  for (const part of parts) {
    const component = componentOf(part, Enums.ComponentType.Library)
    bom.components.add(component)
    application.dependencies.add(component.bomRef)
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))
  return serializer.serialize(bom, { sortLists: true })
}

function componentOf({ name, version, license = '', isBundled, isNpmPackage }: Part, type: Enums.ComponentType) {
  const [, group, ownName = name] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name) ?? []
  const purl = new PackageURL(isNpmPackage ? 'npm' : 'generic', group, ownName, version).toString()
  const component = new Models.Component(type, ownName, { group, version, purl, bomRef: purl })
  component.licenses.add(new Models.SpdxLicense(license))
  // The name is in CycloneDX' own taxonomy of properties.
  if (isBundled) component.properties.add(new Models.Property('cdx:npm:package:bundled', 'true'))
  return component
}
