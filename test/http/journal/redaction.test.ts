// Checks the redaction of texts, headers and the parts of a request and its response.
import t from 'tap'
import { hintOf, principalOf, type Redactable, Redaction, redactedText } from '../../../src/http/journal/redaction.ts'

const R = '[redacted]'
const HEX = '85592d2b15ff867407964790224dcbb3a95ce82b'

const partsOf = (parts: Partial<Redactable>): Redactable => ({
  url: '/',
  headers: [],
  bodies: [],
  marks: undefined,
  ...parts,
})
const redactionOf = (parts: Partial<Redactable>) => new Redaction(partsOf(parts))

t.test('texts of every form', async t => {
  const cases: { given: string; shown: string }[] = [
    // Queries and forms.
    { given: '/a?token=s3cret&f=json', shown: `/a?token=${R}&f=json` },
    { given: '/a?f=json&token=', shown: '/a?f=json&token=' },
    { given: 'username=u&password=a;b,c"d\'e<f&f=json', shown: `username=u&password=${R}&f=json` },
    { given: 'password=a%26b&f=json', shown: `password=${R}&f=json` },
    { given: '%70assword=s3cret', shown: `%70assword=${R}` },
    {
      given: 'redirect=%2Fadmin%3Ftoken%3Ds3cret%26f%3Djson&x=1',
      shown: `redirect=%2Fadmin%3Ftoken%3D${R}%26f%3Djson&x=1`,
    },
    { given: 'x=a%3Db%26token%3Ds3cret%26c', shown: `x=a%3Db%26token%3D${R}%26c` },
    { given: 'redirect=/x%3ftoken%3ds3cret', shown: `redirect=/x%3ftoken%3d${R}` },
    { given: 'a=1&token=s3cret\r\nb=2', shown: `a=1&token=${R}\r\nb=2` },
    // A key that is the whole query.
    { given: `/1_Backup.zip?${HEX}`, shown: `/1_Backup.zip?${R}` },
    { given: `/1_Backup.zip?${HEX.toUpperCase()}&x`, shown: `/1_Backup.zip?${R}&x` },
    { given: '/a?f', shown: '/a?f' },
    { given: '/a?20260610', shown: '/a?20260610' },
    // JSON, whole, cut off and broken.
    { given: '{"encryption_key":"s3cret","n":1}', shown: `{"encryption_key":"${R}","n":1}` },
    { given: '{ "token" : "a\\"b", "n": [1] }', shown: `{ "token" : "${R}", "n": [1] }` },
    { given: '{"key":12345,"n":1}', shown: `{"key":"${R}","n":1}` },
    { given: '{"key":null,"token":true,"password":""}', shown: '{"key":null,"token":true,"password":""}' },
    { given: '{"token":{"a":["}"]},"n":1}', shown: `{"token":"${R}","n":1}` },
    { given: '{"token":["a","b"],"n":1}', shown: `{"token":"${R}","n":1}` },
    { given: '{"token":{"a":"b', shown: `{"token":"${R}"` },
    { given: '{"encryption_key":"s3cr', shown: `{"encryption_key":"${R}` },
    { given: '{"encryption_key":s3cret}', shown: `{"encryption_key":"${R}"}` },
    { given: "{'token':'s3cret'}", shown: `{'token':'${R}'}` },
    { given: '{token:s3cret}', shown: `{token:${R}` },
    { given: '{"user[password]":"s3cret"}', shown: `{"user[password]":"${R}"}` },
    { given: '{"tok\\u0065n":"s3cret"}', shown: `{"tok\\u0065n":"${R}"}` },
    {
      given: '{"inner":"{\\"token\\":\\"s3cret\\",\\"n\\":1}"}',
      shown: `{"inner":"{\\"token\\":\\"${R}\\",\\"n\\":1}"}`,
    },
    { given: '{"url":"http://h/a?token=s3cret&f=json"}', shown: `{"url":"http://h/a?token=${R}&f=json"}` },
    { given: `{"url":"http://h/1_B.zip?${HEX}"}`, shown: `{"url":"http://h/1_B.zip?${R}"}` },
    // Multipart.
    {
      given:
        '--b\r\nContent-Disposition: form-data; name="passcode"\r\nX: y\r\n\r\ns3\r\ncret\r\n--b\r\nContent-Disposition: form-data; name="f"\r\n\r\njson\r\n--b--',
      shown: `--b\r\nContent-Disposition: form-data; name="passcode"\r\nX: y\r\n\r\n${R}\r\n--b\r\nContent-Disposition: form-data; name="f"\r\n\r\njson\r\n--b--`,
    },
    {
      given: '--b\nContent-Disposition: form-data; name=token\n\ns3cret',
      shown: `--b\nContent-Disposition: form-data; name=token\n\n${R}`,
    },
    // Pages and other markup.
    {
      given: '<input type="hidden" name="token" value="s3cret">',
      shown: `<input type="hidden" name="token" value="${R}">`,
    },
    { given: '<input value="s3cret" name="f">', shown: '<input value="s3cret" name="f">' },
    {
      given: '<li><b>token:</b> s3cret</li><li><b>f:</b> x</li>',
      shown: `<li><b>token:</b> ${R}</li><li><b>f:</b> x</li>`,
    },
    {
      given: '<label>Password:</label>\n<input name="x" value="y">',
      shown: '<label>Password:</label>\n<input name="x" value="y">',
    },
    { given: '<a><token>s3cret</token><n>1</n></a>', shown: `<a><token>${R}</token><n>1</n></a>` },
    // Anything else.
    { given: 'see Bearer s3cret, and on', shown: `see Bearer ${R}, and on` },
    { given: 'WWW-Authenticate: Bearer realm="x"', shown: 'WWW-Authenticate: Bearer realm="x"' },
    { given: 'token: s3cret\nf: json', shown: `token: ${R}\nf: json` },
    { given: 'http://user:s3cret@host/a', shown: `http://${R}@host/a` },
    { given: 'to=http%3A%2F%2Fuser%3As3cret%40host%2Fa', shown: `to=http%3A%2F%2F${R}%40host%2Fa` },
    { given: 'to=http%253a%252f%252fuser%253as3cret%2540host', shown: `to=http%253a%252f%252f${R}%2540host` },
    { given: 'http://user%3As3cret@host/a', shown: `http://${R}@host/a` },
    { given: 'http://user:s3cret%40host/a', shown: `http://${R}%40host/a` },
    { given: '{"url":"ftp:\\/\\/user:s3cret@host"}', shown: `{"url":"ftp:\\/\\/${R}@host"}` },
    { given: 'http://host/a@b', shown: 'http://host/a@b' },
    { given: 'to=http%3A%2F%2Fhost%2Fa%40b', shown: 'to=http%3A%2F%2Fhost%2Fa%40b' },
    { given: '/blob?sv=2024&sig=s3cret%2B&se=1', shown: `/blob?sv=2024&sig=${R}&se=1` },
    {
      given: '{"pin":1234,"auth":"s3cret","sessionId":"s3cret"}',
      shown: `{"pin":"${R}","auth":"${R}","sessionId":"${R}"}`,
    },
    { given: 'Ocp-Apim-Subscription-Key: s3cret', shown: `Ocp-Apim-Subscription-Key: ${R}` },
    { given: 'nothing to hide', shown: 'nothing to hide' },
    { given: '', shown: '' },
  ]
  for (const { given, shown } of cases) t.equal(redactedText(given), shown, given)
})

t.test('headers', async t => {
  const headers: { name: string; given: string; shown: string }[] = [
    { name: 'Authorization', given: 'Bearer s3cret', shown: `Bearer ${R}` },
    { name: 'authorization', given: 'bearer  s3cret', shown: `bearer  ${R}` },
    { name: 'Authorization', given: '2345-s3cret', shown: R },
    { name: 'Authorization', given: 'Basic dTpw', shown: `Basic ${R}` },
    { name: 'X-Esri-Authorization', given: 'Bearer s3cret', shown: `Bearer ${R}` },
    { name: 'Proxy-Authorization', given: 'Basic dTpw', shown: `Basic ${R}` },
    { name: 'X-Api-Key', given: 's3cret', shown: R },
    { name: 'Cookie', given: 'agsadmintoken=s3cret; other=a=b;bare', shown: `agsadmintoken=${R}; other=${R};${R}` },
    {
      name: 'Set-Cookie',
      given: 'agsadmintoken=s3cret; Path=/a; HttpOnly',
      shown: `agsadmintoken=${R}; Path=/a; HttpOnly`,
    },
    { name: 'Set-Cookie', given: 'agsadmintoken=; Max-Age=0', shown: 'agsadmintoken=; Max-Age=0' },
    { name: 'Referer', given: 'http://h/a?token=s3cret', shown: `http://h/a?token=${R}` },
    { name: 'Location', given: '/a?x=1&token=s3cret', shown: `/a?x=1&token=${R}` },
    { name: 'Accept', given: 'application/json', shown: 'application/json' },
    { name: 'Authorization', given: '', shown: '' },
  ]
  for (const { name, given, shown } of headers) t.equal(redactionOf({}).header(name, given), shown, `${name}: ${given}`)
})

t.test('a secret of one part is redacted in the other parts as well, as it is and percent-encoded', async t => {
  const redaction = redactionOf({
    headers: [['Authorization', 'Bearer s3cret/value']],
    bodies: ['password=p%20word%2Fd'],
  })
  t.equal(redaction.text('/a/s3cret/value/b'), `/a/${R}/b`)
  t.equal(redaction.text('/a/s3cret%2Fvalue'), `/a/${R}`)
  t.equal(redaction.text('{"said":"p word/d"}'), `{"said":"${R}"}`)
  t.equal(redaction.header('ETag', '"s3cret/value"'), `"${R}"`)
  t.equal(redaction.knownValues('token=x was s3cret/value'), `token=x was ${R}`)
  t.equal(redactionOf({ headers: [['Authorization', 'Bearer x']] }).text('x is short'), 'x is short')
})

t.test('none of many secrets is shown where it stands without its name', async t => {
  const secrets = Array.from({ length: 1000 }, (_, index) => `s3cret-${index * 7919}`)
  const redaction = redactionOf({ bodies: [secrets.map(secret => `token=${secret}`).join('&')] })
  const said = `He said "${secrets.join(' and ')}" and nothing else.`
  t.equal(redaction.text(said), `He said "${secrets.map(() => R).join(' and ')}" and nothing else.`)
})

t.test('a word that begins like a long secret is redacted as well', async t => {
  const redaction = redactionOf({ headers: [['Authorization', 'Bearer 0123456789abcdefSECRET']] })
  t.equal(redaction.text('cut off: 0123456789abcdefSE…'), `cut off: ${R}…`)
  t.equal(redaction.text('0123456789abcdefSECRET-2'), `${R}-2`)
  t.equal(redaction.text('0123456789abcde'), '0123456789abcde')
})

t.test('the credential of a request, as a hint', async t => {
  t.same(['demo-token', 'abcd', 'a', '', HEX].map(hintOf), ['demo-t…', 'ab…', '…', '…', '85592d…'])
  t.equal(
    principalOf(partsOf({ headers: [['authorization', 'Bearer demo-token']], url: '?token=other-token' })),
    'demo-t…',
  )
  t.equal(
    principalOf(partsOf({ headers: [['Cookie', 'agsadmintoken=cookie-token']], url: '?token=other-token' })),
    'other-…',
  )
  t.equal(
    principalOf(partsOf({ headers: [['Cookie', 'agsadmintoken=cookie-token']], bodies: ['password=whatever'] })),
    'cookie…',
  )
  t.equal(principalOf(partsOf({ headers: [], url: `/1_B.zip?${HEX}` })), '85592d…')
  t.equal(principalOf(partsOf({ headers: [['X-Api-Key', 'abcdefghij']], bodies: [''] })), null)
})
