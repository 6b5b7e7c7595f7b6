import { type Figure, ratio, rounded } from './figure.ts'

export interface Machine {
  cores: number
  processor: string
  node: string
}

/** What bench/results holds of one benchmark. */
export interface Result {
  name: string
  title: string
  at: string
  figures: Figure[]
}

/** docs/performance.md, from the newest result of each benchmark. */
export function performancePage(results: readonly Result[], machine: Machine): string {
  const rows = results.flatMap(({ name, title, figures }) => [
    `| **${title}** (\`${name}\`) | | | | |`,
    ...figures.map(row),
  ])
  const days = [...new Set(results.map(({ at }) => at.slice(0, 10)))].sort().join(', ')
  return `# Performance

Measured on ${days} by

    npm run bench -- --write

which writes this page and, with every single sample, \`bench/results/\`. The machine had ${machine.cores} cores (${machine.processor})
and Node.js ${machine.node}; cameras, browser and server shared it. \`npm run bench -- NAME\` runs one of them.

| what | Weir | beside it, in the same run | ratio | goal |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}

function row(figure: Figure): string {
  const { what, value, unit, beside, goal, reached } = figure
  const times = ratio(figure)
  const cells = [
    what,
    `${rounded(value)} ${unit}`,
    beside ? `${beside.what}: ${rounded(beside.value)} ${unit}` : '',
    times === null ? '' : rounded(times),
    `${goal}${reached ? '' : ' (**missed**)'}`,
  ]
  return `| ${cells.join(' | ')} |`
}
