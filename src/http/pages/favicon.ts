// Serves /favicon.ico, which browsers request with every page.
import type { FastifyInstance } from 'fastify'
import { OWN } from '../routes.ts'

/** src/console/icon.svg in 16 and in 32 pixels. */
const ICON = Buffer.from(
  'AAABAAIAEBAAAAEAIABjAQAAJgAAACAgAAABACAAgAIAAIkBAACJUE5HDQoaCgAAAA1JSERSAAAAEAAAABAIBgAAAB/z/2EAAAEqSURBVHja' +
    'Y/jPwMB40IEn+6AD9+VDDty/Djny/MeLgWqA6q8dduQuAullAAoUENSEAwMtrWAAMm7gVejEi8cQ7gcMBx25f+Az4EpVKG4XAPUyEHLm96d3' +
    '/5/PdsIpj9WAi4We/89n2v8/EaLy//+/f/9/vHj4/0SoGvEGfLx09P+Pl4//P107/T8MfDh3kDgDQM7FBc6mWBA24N70KriGZ5vm/P967yqc' +
    'f2diEWED7kwqBisGBd5hNyEgFv7/+eY5iAGTS4jwQpYDWPHDxZ1wsevNCWCxiwUexAXioyXd/z9dPQm2HcR/uLCd+ECE4XPpNv9v9xcAbU/8' +
    'fyHHGV864H5Abl4AZQMGYM5qoCAzdTDsd2DgATGALrkCpH8Toek30NLrwFzcD9ILAAlKRJGgmgqxAAAAAElFTkSuQmCCiVBORw0KGgoAAAAN' +
    'SUhEUgAAACAAAAAgCAYAAABzenr0AAACR0lEQVR42mNgQAL7HRgEDjnyNB505N55yJH7JZD9nzqY+yXETJ5GkB0M2MARey5PoMKn1LMUp2Oe' +
    'guxCsRwo6E57i1Ex3BGHbRgEDzlwP6O3A0AhccySQYgBaHkB/S2HYqDdIAesoCgoPcUoccAKUPw/oMQBNzvSKYmGBwyUBuPjFRP+X2+MI1s/' +
    'xQ54vnXB/x8vHv0/HqAwMA74fPP8fxD4dPXk/8NuwrR1wFEfabQEKP7/35/f/2HgzdEttHXAix1L/r/YufT/IWc+SALszPiPDh7Mb6GNA06E' +
    'qv3/9+sn2JKHizuhwX8OwwH///37fz7bifoOeLVvDdyOP98+/3+4sO0/LvD1/nV4KFHFAafjjf+TCi4V+1DPAc82zCLZAc82zaGeAz7fuoDV' +
    'knendqPkAmQAyp5Uc8Dvz+8xLbhxFh49P14+xpD/8+Uj9Rzw8/UzFMN/f3z7/2SEJiKHBCsDS8OHKGq+P71HPQeAChhkcL05AUPNmUQTeDYF' +
    'F0qHN1HPAQ/mNSOy+e9f/w+7CGBV9+H8Ibi6K9Vh1HPA8SBFYLC/ARv89/tXnOqerJoMVvPhwmHqF0SXirzhvkOOf2T89ti2/39/fgdHB03q' +
    'gosFnuAU/+70HoyW0LkMu/8fLx0FOk6LttXxUS8JYDHc/v/lzmX/n6ye8v/ulPL/V6vC/l+uCCKvPQDsMLwYqEYpyG5Qo3THALaKdzAcdODu' +
    'GLAQANrNcNyBQ+GgA897+lvO8x5kN6R3ZM8ZSP8Q4PIfPJ3TgeyeAwBQxuL6zLyviwAAAABJRU5ErkJggg==',
  'base64',
)

export function serveFavicon(app: FastifyInstance): void {
  app.get('/favicon.ico', { schema: OWN }, (_request, reply) =>
    reply.type('image/x-icon').header('cache-control', 'max-age=86400').send(ICON),
  )
}
