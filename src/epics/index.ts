/** What `beamgate/epics` offers: a Channel Access client. */
export { CaContext } from './ca/context.ts';
export { CaChannel } from './ca/channel/channel.ts';
export type { CaChannelEvents } from './ca/channel/channel-events.ts';
export type { ChannelState } from './ca/channel/shared-channel.ts';
export { CaSubscription, type SubscribeOptions } from './ca/channel/subscription.ts';
export type { GetOptions } from './ca/channel/get.ts';
export type { PutOptions } from './ca/channel/put.ts';
export type { PutScalar, PutValue } from './ca/put-value.ts';
export type { CaOptions, LogLevel } from './ca/settings.ts';
export { optionsFromEnvironment } from './ca/environment.ts';
export { CaDisconnectedError, CaError, CaTimeoutError } from './ca/errors.ts';
export type { CaReading } from './ca/codec/dbr.ts';
export type { CaMetadata } from './ca/codec/metadata.ts';
export type { CaValue, NumericArray } from './ca/codec/elements.ts';
export { DBR, type DbrForm, type NativeType, TYPE_NAMES } from './ca/codec/dbr-types.ts';
export { ACCESS, EVENT_MASK } from './ca/codec/commands.ts';
export { ECA, statusSentence } from './ca/codec/status-codes.ts';
