export type SchemaType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/** The keywords that the originals' schemas use, in the order in which they print and judge by them. */
export interface Schema {
  readonly type?: SchemaType | readonly SchemaType[];
  readonly additionalProperties?: false | Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  /** By patterns of Python's `re`. */
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  /** A pattern of Python's `re`, found anywhere in a text. */
  readonly pattern?: string;
  readonly oneOf?: readonly Schema[];
}
