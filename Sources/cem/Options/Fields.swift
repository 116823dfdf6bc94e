import CEMDomain

/// What an option's value may be on its way into a command's fields.
protocol FieldValue {
  /// `nil` where nothing was given.
  var fieldJSON: JSON? { get }
}

extension String: FieldValue {
  /// Without the blanks and line ends around it, which a shell's substitution or a slip leaves there.
  var fieldJSON: JSON? { .string(Arguments.restored(self).trimmed) }
}

extension Int: FieldValue {
  var fieldJSON: JSON? { .int(Int64(self)) }
}

extension Bool: FieldValue {
  /// A flag that is not set was not given.
  var fieldJSON: JSON? { self ? .bool(true) : nil }
}

extension JSON: FieldValue {
  var fieldJSON: JSON? { self }
}

extension Array: FieldValue where Element: FieldValue {
  var fieldJSON: JSON? { isEmpty ? nil : .array(compactMap(\.fieldJSON)) }
}

/// A command's fields, by the names that commands and import files use, without those not given.
func given(_ values: KeyValuePairs<String, (any FieldValue)?>) -> JSONObject {
  var object = JSONObject()
  for (name, value) in values { object[name] = value?.fieldJSON }
  return object
}
