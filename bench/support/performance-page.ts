import { type Benchmark, type Figure, ratio, rounded } from './figure.ts'

export interface Machine {
  cores: number
  processor: string
  node: string
}

/** docs/performance.md, from one whole run. */
export function performancePage(
  measured: readonly { benchmark: Benchmark; figures: readonly Figure[] }[],
  machine: Machine,
  at: Date,
): string {
  const rows = measured.flatMap(({ benchmark, figures }) => [
    `| **${benchmark.title}** (\`${benchmark.name}\`) | | | | |`,
    ...figures.map(row),
  ])
  return `# Performance

Measured on ${at.toISOString().slice(0, 10)} by

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
