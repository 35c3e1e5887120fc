// The tables in the archives, filled from the billing data.

import { DAY_MS } from '../../../sandbox/clock/durations.ts'
import { seededPicker } from '../../../sandbox/random.ts'
import { isoDate, isoSeconds, lastPeriod, type Period, startOf } from '../dates.ts'
import { type Call, type Customer, callsOf, customersOf, type Invoice, invoiceOf, pounds, users } from './billing.ts'

/** The first column is the row number; `rows` contain the other columns. */
export interface Table {
  columns: readonly string[]
  rows: readonly (readonly (string | number)[])[]
}

/** Older calls, and all but the last two invoices of each customer, are left out to keep backups small. */
const CALL_DAYS = 7

/** The whole database at `at` (epoch ms), in the order of the vendor's guide. */
export function databaseTables(seed: string, at: number): Record<string, Table> {
  const customers = customersOf(seed)
  const invoices = customers.flatMap(customer => lastInvoices(seed, customer, at))
  const today = startOf('daily', at)
  const recent = { from: today - CALL_DAYS * DAY_MS, to: today }
  return {
    customers: customerTable(customers),
    invoices: invoiceTable(invoices),
    calls: callTable(customers.flatMap(customer => callsOf(seed, customer, recent))),
    transactions: transactionTable(invoices, at),
    notes: noteTable(seed, customers),
    tickets: ticketTable(seed, customers),
    emails: emailTable(invoices),
    users: {
      columns: ['id', 'username', 'name', 'role'],
      rows: users.map(({ username, name, role }) => [username, name, role]),
    },
  }
}

function lastInvoices(seed: string, customer: Customer, at: number): Invoice[] {
  const last = lastPeriod(customer.cadence, at)
  const before = lastPeriod(customer.cadence, last.from)
  return [before, last].map(period => invoiceOf(seed, customer, period))
}

function customerTable(customers: readonly Customer[]): Table {
  return {
    columns: ['id', 'accountNumber', 'name', 'email', 'phone', 'billingCycle', 'createdDate'],
    rows: customers.map(({ accountNumber, name, email, phone, cadence, createdAt }) => {
      return [accountNumber, name, email, phone, cadence, isoDate(createdAt)]
    }),
  }
}

function invoiceTable(invoices: readonly Invoice[]): Table {
  return {
    columns: ['id', 'invoiceNumber', 'accountNumber', 'issuedDate', 'rental', 'calls', 'tax', 'total'],
    rows: invoices.map(({ invoiceNumber, customer, period, rental, callCharges, tax, total }) => {
      const amounts = [rental, callCharges, tax, total].map(pounds)
      return [invoiceNumber, customer.accountNumber, isoDate(period.to), ...amounts]
    }),
  }
}

const CALL_COLUMNS = ['id', 'accountNumber', 'startedDate', 'source', 'destination', 'durationSeconds', 'charge']

export function callTable(calls: readonly Call[]): Table {
  return { columns: CALL_COLUMNS, rows: calls.map(callRow) }
}

function callRow({ accountNumber, startedAt, source, destination, durationSeconds, charge }: Call) {
  return [accountNumber, isoSeconds(startedAt), source, destination, durationSeconds, pounds(charge)]
}

const REASONS = ['Duplicate record', 'Test call', 'Customer erasure request'] as const

/** About one in fifteen calls of the period. */
export function deletedCallTable(seed: string, period: Period): Table {
  const picker = seededPicker(`${seed}/deleted-calls/${period.from}`)
  const calls = customersOf(seed).flatMap(customer => callsOf(seed, customer, period))
  const deleted = calls.filter(() => picker.int(1, 15) === 1)
  const rows = deleted.map(call => {
    const deletedDate = isoSeconds(picker.int(call.startedAt, period.to))
    return [...callRow(call), deletedDate, picker.pick(users).username, picker.pick(REASONS)]
  })
  return { columns: [...CALL_COLUMNS, 'deletedDate', 'deletedBy', 'reason'], rows }
}

/** An invoice is booked when it is issued and paid by direct debit one day later. */
function transactionTable(invoices: readonly Invoice[], at: number): Table {
  const bookings = invoices.flatMap(({ invoiceNumber, customer: { accountNumber }, period: { to }, total }) => [
    { accountNumber, invoiceNumber, type: 'Invoice', bookedAt: to, amount: total },
    { accountNumber, invoiceNumber, type: 'Payment', bookedAt: to + DAY_MS, amount: -total },
  ])
  const booked = bookings.filter(({ bookedAt }) => bookedAt <= at)
  return {
    columns: ['id', 'accountNumber', 'invoiceNumber', 'type', 'bookedDate', 'amount'],
    rows: booked.map(({ accountNumber, invoiceNumber, type, bookedAt, amount }) => {
      return [accountNumber, invoiceNumber, type, isoDate(bookedAt), pounds(amount)]
    }),
  }
}

const NOTES = ['Prefers e-mail to phone.', 'Asked for "itemised" bills, by post.', 'New contact in accounts.'] as const

function noteTable(seed: string, customers: readonly Customer[]): Table {
  const picker = seededPicker(`${seed}/notes`)
  return {
    columns: ['id', 'accountNumber', 'username', 'createdDate', 'text'],
    rows: customers.map(({ accountNumber, createdAt }) => {
      const createdDate = isoDate(createdAt + picker.int(1, 90) * DAY_MS)
      return [accountNumber, picker.pick(users).username, createdDate, picker.pick(NOTES)]
    }),
  }
}

const SUBJECTS = ['No dial tone', 'Query about a call', 'Move to new premises', 'Voicemail PIN'] as const
const TICKET_STATES = ['Open', 'Waiting', 'Closed'] as const

function ticketTable(seed: string, customers: readonly Customer[]): Table {
  const picker = seededPicker(`${seed}/tickets`)
  return {
    columns: ['id', 'accountNumber', 'username', 'createdDate', 'subject', 'status'],
    rows: customers.map(({ accountNumber, createdAt }) => {
      const createdDate = isoDate(createdAt + picker.int(1, 90) * DAY_MS)
      return [
        accountNumber,
        picker.pick(users).username,
        createdDate,
        picker.pick(SUBJECTS),
        picker.pick(TICKET_STATES),
      ]
    }),
  }
}

/** One email per invoice, sent when the invoice is issued. */
function emailTable(invoices: readonly Invoice[]): Table {
  return {
    columns: ['id', 'accountNumber', 'invoiceNumber', 'to', 'sentDate', 'subject'],
    rows: invoices.map(({ invoiceNumber, customer: { accountNumber, email }, period }) => {
      return [accountNumber, invoiceNumber, email, isoSeconds(period.to), `Your invoice ${invoiceNumber}`]
    }),
  }
}
