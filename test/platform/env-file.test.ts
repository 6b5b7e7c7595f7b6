import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { EnvFileError, withEnvFile } from '../../src/platform/env-file.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-env-'))
  file = join(folder, '.env')
})
afterEach(() => rm(folder, { recursive: true }))

it('puts the file beneath the environment', async () => {
  await writeFile(
    file,
    '# settings\nPORT=9000\nexport HOST = "0.0.0.0" # all\n\nDEMO=false\r\nNAME="two\nlines = and more"\n',
  )
  expect(withEnvFile({ PORT: '9001', DEMO: '', PATH: '/bin' }, file)).toEqual({
    PORT: '9001',
    HOST: '0.0.0.0',
    DEMO: '',
    PATH: '/bin',
    NAME: 'two\nlines = and more',
  })
})

it('takes a missing file as an empty one', () => {
  expect(withEnvFile({ PORT: '1' }, file)).toEqual({ PORT: '1' })
})

it('names the line that sets nothing, without what stands in it', async () => {
  await writeFile(file, 'PORT=9000\nKEY="a\nb"\nADMIN_KEY s3cret\n')
  expect(() => withEnvFile({}, file)).toThrow(EnvFileError)
  expect(() => withEnvFile({}, file)).toThrow(/\.env has no NAME=value in line 4/)
  expect(() => withEnvFile({}, file)).not.toThrow(/s3cret/)
})

it('says that it can not be read', async () => {
  await mkdir(file)
  expect(() => withEnvFile({}, file)).toThrow(/\.env can not be read \(EISDIR\)/)
})
