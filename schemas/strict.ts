// The option of object schemas that allow no properties other than their own.

export const strict = { additionalProperties: false } as const
