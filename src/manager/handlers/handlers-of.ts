import type { Method, ParamsOf, ResultOf } from '../../protocol/methods/define-method.ts';
import type { MethodName } from '../../protocol/methods/index.ts';
import type { RawText } from '../control/reply.ts';
import type { RequestParams } from '../control/request-params.ts';

/** What a method answers: its declared members, each as a value or as ready JSON text. */
export type FieldsOf<M extends Method> = { readonly [K in keyof ResultOf<M>]: ResultOf<M>[K] | RawText };

/**
 * Does what one method asks. Names of parameters and the lock were checked before; their values are as the client sent
 * them. A `RawText` is the whole reply. What it throws becomes the refusal.
 */
export type Handler<M extends Method> = (
  params: RequestParams<keyof ParamsOf<M> & string>,
) => FieldsOf<M> | RawText | Promise<FieldsOf<M> | RawText>;

/** A handler for each method that a file of declarations has: one that is missing is a compile error. */
export type HandlersOf<G> = {
  readonly [M in Extract<G[keyof G], Method> as M['name']]: Handler<M>;
};

/** All of them, with what the table by name cannot say of each. */
export type AnyHandler = (params: RequestParams) => object | Promise<object>;
export type HandlerTable = Readonly<Record<MethodName, AnyHandler>>;
