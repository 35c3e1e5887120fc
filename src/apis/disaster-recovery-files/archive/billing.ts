// The customers, calls and invoices of a fictitious telephone company, from which every archive takes its contents.

import { DAY_MS } from '../../../sandbox/clock/durations.ts'
import { type Picker, seededPicker } from '../../../sandbox/random.ts'
import { type Cadence, isoDate, type Period } from '../dates.ts'

// Everything is computed from the seed alone, so that archives of different days and kinds agree. Money is in pence.

export interface Customer {
  accountNumber: string
  name: string
  email: string
  phone: string
  /** How often the customer is billed. */
  cadence: Cadence
  /** Epoch ms. */
  createdAt: number
}

export interface Call {
  accountNumber: string
  /** Epoch ms. */
  startedAt: number
  source: string
  destination: string
  durationSeconds: number
  charge: number
}

export interface Invoice {
  invoiceNumber: string
  customer: Customer
  /** The invoice is issued at its end. */
  period: Period
  calls: Call[]
  rental: number
  callCharges: number
  tax: number
  total: number
}

export const users = [
  { username: 'primary', name: 'Dana Whitfield', role: 'Primary' },
  { username: 'accounts', name: 'Imran Shah', role: 'Account Manager' },
  { username: 'support', name: 'Lucy Marsh', role: 'Support' },
  { username: 'backup-client', name: 'Backup client', role: 'API only' },
] as const

const PLACES = ['Abbey', 'Bridge', 'Castle', 'Dale', 'Elm', 'Ferry', 'Grange', 'Harbour', 'Ivy', 'Juniper'] as const
const TRADES = ['Bakery', 'Dental Practice', 'Garage', 'Hotel', 'Joinery', 'Lettings', 'Opticians', 'Print'] as const
const CADENCES: readonly Cadence[] = ['daily', 'weekly', 'monthly', 'monthly']
const CUSTOMER_COUNT = 20
const FIRST_ACCOUNT = 100_001
const FIRST_CUSTOMER_AT = Date.UTC(2010, 3, 1)
const RENTAL_PER_DAY = 45
const TAX_PERCENT = 20
const PENCE_PER_MINUTE = 3

export function customersOf(seed: string): Customer[] {
  const picker = seededPicker(`${seed}/customers`)
  return Array.from({ length: CUSTOMER_COUNT }, (_, index) => {
    const accountNumber = String(FIRST_ACCOUNT + index)
    return {
      accountNumber,
      name: `${PLACES[index % PLACES.length]} ${picker.pick(TRADES)}`,
      email: `accounts-${accountNumber}@example.com`,
      phone: phoneNumber(picker),
      cadence: CADENCES[index % CADENCES.length] as Cadence,
      createdAt: FIRST_CUSTOMER_AT + picker.int(0, 1000) * DAY_MS,
    }
  })
}

/** From the range that Ofcom reserves for fiction: no subscriber has such a number. */
function phoneNumber(picker: Picker): string {
  return `01632960${String(picker.int(0, 999)).padStart(3, '0')}`
}

/** Ordered by start time. */
export function callsOf(seed: string, customer: Customer, { from, to }: Period): Call[] {
  const calls: Call[] = []
  for (let day = from; day < to; day += DAY_MS) calls.push(...callsOn(seed, customer, day))
  return calls
}

function callsOn(seed: string, { accountNumber, phone }: Customer, day: number): Call[] {
  const picker = seededPicker(`${seed}/calls/${accountNumber}/${day}`)
  const starts = Array.from({ length: picker.int(0, 4) }, () => day + picker.int(8 * 3600, 18 * 3600) * 1000)
  return starts
    .toSorted((one, other) => one - other)
    .map(startedAt => {
      const durationSeconds = picker.int(5, 1200)
      const charge = Math.ceil(durationSeconds / 60) * PENCE_PER_MINUTE
      return { accountNumber, startedAt, source: phone, destination: phoneNumber(picker), durationSeconds, charge }
    })
}

export function invoiceOf(seed: string, customer: Customer, period: Period): Invoice {
  const calls = callsOf(seed, customer, period)
  const rental = ((period.to - period.from) / DAY_MS) * RENTAL_PER_DAY
  const callCharges = calls.reduce((sum, { charge }) => sum + charge, 0)
  const tax = Math.round(((rental + callCharges) * TAX_PERCENT) / 100)
  const invoiceNumber = `INV-${customer.accountNumber}-${isoDate(period.to).replaceAll('-', '')}`
  return { invoiceNumber, customer, period, calls, rental, callCharges, tax, total: rental + callCharges + tax }
}

/** An amount in pence as pounds, such as `12.50`. */
export function pounds(pence: number): string {
  return (pence / 100).toFixed(2)
}
