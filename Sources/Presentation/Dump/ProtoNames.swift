package import Documents

/// Renames the fields of proto3 JSON between Envoy's snake_case and istioctl's lowerCamelCase, without knowing the messages: keys
/// of maps and the contents of Structs stay as they are.
package enum ProtoNames {
    /// `virtual_hosts` → `virtualHosts`, as protobuf makes JSON names.
    package static func camelCase(_ name: String) -> String {
        guard name.utf8.contains(UInt8(ascii: "_")) else { return name }
        var camel = ""
        var startsWord = false
        for character in name.unicodeScalars {
            if character == "_" {
                startsWord = true
            } else if startsWord, ("a"..."z").contains(character), let upper = Unicode.Scalar(character.value - 32) {
                camel.unicodeScalars.append(upper)
                startsWord = false
            } else {
                camel.unicodeScalars.append(character)
                startsWord = false
            }
        }
        return camel
    }

    /// Envoy's fields with an underscore in front of a digit, which their JSON names lose.
    private static let digitFields = Dictionary(
        uniqueKeysWithValues: [
            "consecutive_5xx", "enforcing_consecutive_5xx", "accept_http_10", "default_host_for_http_10",
            "ignore_http_11_upgrade", "proxy_100_continue",
        ].map { (camelCase($0), $0) })

    /// `virtualHosts` → `virtual_hosts`.
    package static func snakeCase(_ name: String) -> String {
        if let field = digitFields[name] { return field }
        guard name.utf8.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else { return name }
        var snake = ""
        for character in name.unicodeScalars {
            if ("A"..."Z").contains(character), let lower = Unicode.Scalar(character.value + 32) {
                snake += "_"
                snake.unicodeScalars.append(lower)
            } else {
                snake.unicodeScalars.append(character)
            }
        }
        return snake
    }

    /// istioctl's form of a message.
    package static func camelCased(_ message: JSON) -> JSON { renamed(message, by: camelCase) }

    /// Envoy's form of a message.
    package static func snakeCased(_ message: JSON) -> JSON { renamed(message, by: snakeCase) }

    /// Fields that are a Struct, or a map of Structs: nothing below is renamed.
    private static let structs: Set<String> = [
        "filter_metadata", "static_layer", "json_format", "default_subset", "struct_value", "per_filter_config",
        "key_values", "dynamic_parameters", "rtds_layer_values",
    ]
    /// Fields that are a map of messages: the keys stay.
    private static let maps: Set<String> = [
        "typed_filter_metadata", "typed_per_filter_config", "typed_extension_protocol_options",
        "extension_protocol_options", "providers", "requirement_map", "requires", "policies", "map",
    ]
    /// Types whose `value` is a Struct.
    private static let structTypes = ["google.protobuf.Struct", "xds.type.v3.TypedStruct", "udpa.type.v1.TypedStruct"]

    private static func renamed(_ value: JSON, by rename: (String) -> String, inMatches: Bool = false) -> JSON {
        switch value {
        case .array(let elements): return .array(elements.map { renamed($0, by: rename, inMatches: inMatches) })
        case .object(let object):
            let type = object["@type"]?.string ?? ""
            let holdsStruct = structTypes.contains { type.hasSuffix("/" + $0) }
            var result = JSONObject()
            result.reserve(object.members.count)
            for member in object.members {
                let field = snakeCase(member.key)
                let kept =
                    structs.contains(field) || (holdsStruct && field == "value") || (inMatches && field == "match")
                    || (field == "metadata" && isStruct(member.value))
                let value: JSON
                if kept {
                    value = member.value
                } else if maps.contains(field), case .object(let map) = member.value {
                    value = .object(map.mapValues { renamed($0, by: rename) })
                } else {
                    value = renamed(member.value, by: rename, inMatches: field == "transport_socket_matches")
                }
                result.add(rename(member.key), value)
            }
            return .object(result)
        case .null, .bool, .int, .double, .number, .string: return value
        }
    }

    /// `metadata` is a Struct in a node and in a build version, elsewhere `config.core.v3.Metadata` with its two fields.
    private static func isStruct(_ metadata: JSON) -> Bool {
        guard case .object(let object) = metadata else { return true }
        return !object.keys.allSatisfy { ["filter_metadata", "typed_filter_metadata"].contains(snakeCase($0)) }
    }
}

extension JSONObject {
    func mapValues(_ transform: (JSON) -> JSON) -> JSONObject {
        var result = JSONObject()
        result.reserve(members.count)
        for member in members { result.add(member.key, transform(member.value)) }
        return result
    }

    /// Without one member.
    func without(_ key: String) -> JSONObject {
        var result = JSONObject()
        for member in members where member.key != key { result.add(member.key, member.value) }
        return result
    }
}
