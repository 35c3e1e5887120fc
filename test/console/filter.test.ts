// Checks the filter of the requests view, without a browser.
import t from 'tap'
import { filterOf, sandboxIn, toggledWord } from '../../src/console/views/requests/filter.ts'

type Row = Parameters<ReturnType<typeof filterOf>>[0]

const ROW: Row = {
  id: '1',
  method: 'POST',
  path: '/v1/instances/1/backups?page=2',
  status: 404,
  api: 'a9s',
  operation: 'createBackup',
  virtualMs: 0,
  arrivedMs: 0,
  durationMs: 1,
  fault: undefined,
  faultId: undefined,
  forced: undefined,
  error: 'InstanceNotFound',
  isMatched: true,
}
const FAULTED: Row = { ...ROW, status: undefined, fault: 'reset', isMatched: false, operation: undefined }

t.test('every word has to fit', async t => {
  const fitting = [
    '',
    '  ',
    'backups',
    'BACKUPS post',
    'method:post',
    'path:/v1/ status:404',
    'status:4xx',
    'status:4',
    'status:400-499',
    '-status:2xx',
    'operation:createB api:a9',
    'error:notfound',
    '-is:unmatched',
    '-fault:',
    '"backups?page"',
    'path:"/v1/instances/1"',
    'sandbox:other',
  ]
  for (const filter of fitting) t.ok(filterOf(filter)(ROW), filter)
  const others = [
    'restores',
    'method:PO',
    'status:40x -status:404',
    'status:5xx',
    'status:none',
    'fault:',
    'forced:',
    'is:unmatched',
    '-backups',
    'backups restores',
    'nothing:x',
  ]
  for (const filter of others) t.notOk(filterOf(filter)(ROW), filter)
})

t.test('faults and missing responses', async t => {
  for (const filter of ['fault:', 'fault:res', 'status:none', 'is:unmatched', 'reset', '-status:404']) {
    t.ok(filterOf(filter)(FAULTED), filter)
  }
  t.notOk(filterOf('fault:delay')(FAULTED))
  t.notOk(filterOf('status:0-999')(FAULTED))
})

t.test('no text breaks it', async t => {
  for (const filter of ['"', '-', ':', '"a', 'status:', 'status:x', '(', '\\', '-"', 'a:b:c', '\u0000']) {
    t.equal(typeof filterOf(filter)(ROW), 'boolean', filter)
  }
})

t.test('words are added and removed', async t => {
  t.equal(toggledWord('a  b', 'fault:'), 'a b fault:')
  t.equal(toggledWord('a fault: b', 'fault:'), 'a b')
  t.same(sandboxIn('a sandbox:t1 b'), { sandbox: 't1', rest: 'a b' })
  t.equal(sandboxIn('a sandbox: b'), undefined)
})
