// Writes a report into a folder: the document, the forms made from it, and the evidence of each drill.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DrillEvidence } from '../../schemas/evidence.ts'
import type { Report, ReportDrill } from '../../schemas/report.ts'
import { htmlOf } from '../control/certifications/report/html.ts'
import { junitOf } from '../control/certifications/report/junit.ts'
import { markdownOf } from '../control/certifications/report/markdown.ts'
import { Refusal } from '../sandbox/refusal.ts'

export class ReportFolder {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** Makes the folder if it does not exist, so that a wrong one is refused before any client runs. Throws Refusal. */
  static async open(path: string): Promise<ReportFolder> {
    try {
      await mkdir(path, { recursive: true })
    } catch (cause) {
      throw new Refusal('invalid', `The folder of the report cannot be made: ${(cause as Error).message}`, { cause })
    }
    return new ReportFolder(path)
  }

  /** Replaces files of an earlier report. Throws Refusal. */
  async write(report: Report, evidenceOf: (drill: string) => DrillEvidence): Promise<void> {
    try {
      await this.#write('report.json', json(report))
      await this.#write('junit.xml', junitOf(report))
      await this.#write('summary.md', markdownOf(report))
      await this.#write('report.html', htmlOf(report))
      for (const drill of report.drills) await this.#writeEvidence(drill, evidenceOf)
    } catch (cause) {
      if (cause instanceof Refusal) throw cause
      throw new Refusal('invalid', `The report cannot be written: ${(cause as Error).message}`, { cause })
    }
  }

  async #writeEvidence({ id, evidence }: ReportDrill, evidenceOf: (drill: string) => DrillEvidence): Promise<void> {
    if (!evidence) return
    const content = evidenceOf(id)
    await this.#write(evidence.har, json(content.har))
    await this.#write(evidence.trace, json(content.trace))
    await this.#write(evidence.before, json(content.before))
    await this.#write(evidence.after, json(content.after))
  }

  async #write(name: string, content: string): Promise<void> {
    const file = join(this.#path, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
