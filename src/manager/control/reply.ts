/** JSON text that goes into a reply as it is: an item, a list, a whole queue. */
export class RawText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The members of a reply behind `success` and `msg`. */
export type ReplyFields = Readonly<Record<string, unknown>>;

export const accepted = (fields: ReplyFields): string => `{"success":true,"msg":""${memberTexts(fields)}}`;

export const refusal = (msg: string, fields: ReplyFields = {}): string =>
  `{"success":false,"msg":${JSON.stringify(msg)}${memberTexts(fields)}}`;

function memberTexts(fields: ReplyFields): string {
  let text = '';
  for (const [name, value] of Object.entries(fields)) {
    text += `,"${name}":${value instanceof RawText ? value.text : JSON.stringify(value)}`;
  }
  return text;
}
