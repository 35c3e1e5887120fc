// Part of the build: writes the licences of the bundled packages beside the bundles, and the list of these packages for the SBOM.
import { type LicenseInfo, licensePlugin } from 'rolldown-license-plugin'
import { ALLOWED_LICENSES } from './allowed-licenses.ts'

/** Beside the bundles, until the SBOM is made of it. */
export const PACKAGE_LIST = 'packages.json'

const bundled = (packages: readonly LicenseInfo[]) => packages.filter(({ name }) => name !== 'firedrill')

/** A new plugin for each bundle. The build fails when a package has no licence, or one that is not allowed. */
export const thirdPartyLicenses = () =>
  licensePlugin({
    failOnUnlicensed: true,
    failOnViolation: true,
    // Two packages have their licence in the README.
    match: /^(licen[cs]e|copying|readme)/i,
    allow: ({ license, licenseText }) => ALLOWED_LICENSES.includes(license) && licenseText !== '',
    done(packages, context) {
      const parts = bundled(packages).map(
        ({ name, version, license, licenseText }) => `${name} ${version}, ${license}\n\n${licenseText.trim()}\n`,
      )
      context.emitFile({
        type: 'asset',
        fileName: 'THIRD-PARTY-LICENSES',
        source: ['The files in this folder contain these packages.\n', ...parts].join(`\n${'-'.repeat(80)}\n\n`),
      })
      const list = bundled(packages).map(({ name, version, license }) => ({ name, version, license }))
      context.emitFile({ type: 'asset', fileName: PACKAGE_LIST, source: JSON.stringify(list) })
    },
  })

/** For bundles whose licences are not written. The build fails when one contains a package. */
export const withoutPackages = () =>
  licensePlugin({
    done(packages, context) {
      const names = bundled(packages).map(({ name }) => name)
      if (names.length > 0) context.error(`a bundle without a list of licences contains ${names.join(', ')}`)
    },
  })
