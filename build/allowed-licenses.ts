// The licences that the bundled and the installed packages may have.

/** As SPDX identifiers. All of them ask for no more than that their text is passed on. */
export const ALLOWED_LICENSES: readonly string[] = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  // Of SQLite, which is in the public domain.
  'blessing',
]
