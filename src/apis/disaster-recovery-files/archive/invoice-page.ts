// The text of an invoice page, and where in the archive the invoice's call details are.
import { isoDate } from '../dates.ts'
import { type Invoice, pounds } from './billing.ts'

export const LETTERHEAD = [
  'HARBOURLINE TELECOM LTD',
  '1 Exchange Street, Example Town',
  'VAT registration 000 0000 00',
  '',
]

export function invoiceLines(invoice: Invoice): string[] {
  const { invoiceNumber, customer, period, calls, rental, callCharges, tax, total } = invoice
  return [
    `Invoice ${invoiceNumber}`,
    '',
    `${customer.name}, account ${customer.accountNumber}`,
    `From ${isoDate(period.from)} up to, not including, ${isoDate(period.to)}`,
    '',
    `Line rental: £${pounds(rental)}`,
    `Calls (${calls.length}): £${pounds(callCharges)}`,
    `VAT: £${pounds(tax)}`,
    `Total: £${pounds(total)}`,
    '',
    `Call details: ${callDetailsPath(invoice)}`,
  ]
}

export function callDetailsPath({ invoiceNumber }: Invoice): string {
  return `call-details/${invoiceNumber}.csv`
}
