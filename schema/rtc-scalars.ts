import { GraphQLError, type ValueNode, valueFromASTUntyped } from 'graphql'
import { readRtpCapabilities } from '../src/consumers/rtp-capabilities.ts'
import { builder } from './builder.ts'

function toCapabilities(value: unknown) {
  try {
    return readRtpCapabilities(value)
  } catch (error) {
    throw new GraphQLError(`RtpCapabilities: ${(error as Error).message}`)
  }
}

builder.scalarType('RtpCapabilities', {
  description: "mediasoup's RtpCapabilities: what mediasoup-client's Device has and takes. At most 64 KB.",
  serialize: (value) => value,
  parseValue: toCapabilities,
  parseLiteral: (node: ValueNode, variables) => toCapabilities(valueFromASTUntyped(node, variables)),
})

/** Ours to tell, nobody's to send. */
function told(name: 'TransportOptions' | 'ConsumerOptions' | 'IceParameters', description: string): void {
  const refuse = () => {
    throw new GraphQLError(`${name} is only told, never sent`)
  }
  builder.scalarType(name, { description, serialize: (value) => value, parseValue: refuse, parseLiteral: refuse })
}

told('TransportOptions', "What mediasoup-client's device.createRecvTransport takes.")
told('ConsumerOptions', "What mediasoup-client's transport.consume takes.")
told('IceParameters', "What mediasoup-client's transport.restartIce takes.")
