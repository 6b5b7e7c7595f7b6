/** One change of one file: these lines for those. */
export interface PlantedChange {
  file: string
  before: string
  after: string
}

/** A fault of test/faults.md. */
export interface PlantedFault {
  number: number
  title: string
  testFile: string
  /** A part of the test's name. */
  testName: string
  changes: PlantedChange[]
}

/** Reads test/faults.md; throws where a section is not of the form that the others have. */
export function parseFaults(markdown: string): PlantedFault[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [, number, title] = /^(\d+)\. (.+)$/m.exec(section) ?? []
      const [, testFile, testName] = /^Test: `([^`]+)` › `([^`]+)`/m.exec(section) ?? []
      const changes = [...section.matchAll(/^`([^`]+)`\n\n```diff\n([^`]*(?:`[^`]*)*?)```$/gm)].map(
        ([, file, diff]) => ({
          file: file!,
          before: linesWith('-', diff!),
          after: linesWith('+', diff!),
        }),
      )
      if (!number || !title || !testFile || !testName || changes.length === 0) {
        throw new Error(`test/faults.md: this section lacks something:\n${section}`)
      }
      return { number: Number(number), title, testFile, testName, changes }
    })
}

function linesWith(mark: string, diff: string): string {
  return diff
    .split('\n')
    .filter((line) => line.startsWith(mark))
    .map((line) => line.slice(1))
    .join('\n')
}

/** The text with the change made; throws unless the place is there exactly once. */
export function plant(text: string, { file, before, after }: PlantedChange): string {
  const places = text.split(before).length - 1
  if (places !== 1) throw new Error(`${file}: ${places} places with\n${before}`)
  return text.replace(before, () => after)
}
