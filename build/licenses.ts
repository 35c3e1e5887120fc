// Part of the build: writes the licences of the bundled packages beside the bundles.
import { licensePlugin } from 'rolldown-license-plugin'

/** A new plugin for each bundle. The build fails when a package has no licence. */
export const thirdPartyLicenses = () =>
  licensePlugin({
    failOnUnlicensed: true,
    failOnViolation: true,
    // Two packages have their licence in the README.
    match: /^(licen[cs]e|copying|readme)/i,
    allow: ({ license, licenseText }) => license !== '' && licenseText !== '',
    done(packages, context) {
      const parts = packages
        .filter(({ name }) => name !== 'firedrill')
        .map(({ name, version, license, licenseText }) => `${name} ${version}, ${license}\n\n${licenseText.trim()}\n`)
      context.emitFile({
        type: 'asset',
        fileName: 'THIRD-PARTY-LICENSES',
        source: ['The files in this folder contain these packages.\n', ...parts].join(`\n${'-'.repeat(80)}\n\n`),
      })
    },
  })
