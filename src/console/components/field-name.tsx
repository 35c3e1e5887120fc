// The name of a field of a form, with a mark if it is required.
export function FieldName({ name, isRequired }: { name: string; isRequired?: boolean | undefined }) {
  return (
    <>
      {name}
      {isRequired ? ' *' : ''}
    </>
  )
}
