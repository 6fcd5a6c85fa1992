package import Documents

extension Address {
    package var json: JSON {
        .message {
            switch self {
            case .socket(let socket): $0.message("socket_address", socket.json)
            case .pipe(let path): $0.message("pipe", .message { $0.text("path", path) })
            case .envoyInternal(let listener, let endpoint):
                $0.sub("envoy_internal_address") {
                    $0.text("server_listener_name", listener)
                    $0.text("endpoint_id", endpoint)
                }
            }
        }
    }
}

extension SocketAddress {
    var json: JSON {
        .message {
            if isUDP { $0.text("protocol", "UDP") }
            $0.text("address", address)
            $0.number("port_value", UInt32(port))
        }
    }
}

extension CIDRRange {
    var json: JSON {
        .message {
            $0.text("address_prefix", addressPrefix)
            $0.number("prefix_len", UInt32(prefixLength))
        }
    }
}

extension Locality {
    package var json: JSON {
        .message {
            $0.text("region", region)
            $0.text("zone", zone)
            $0.text("sub_zone", subZone)
        }
    }
}

extension Metadata {
    package var json: JSON { .message { $0.message("filter_metadata", unlessEmpty: .map(filterMetadata)) } }
}

extension MessageWriter {
    mutating func metadata(_ name: String, _ value: Metadata) {
        if !value.isEmpty { message(name, value.json) }
    }
}

extension StringMatcher {
    package var json: JSON {
        .message {
            switch pattern {
            case .exact(let text): $0.message("exact", .string(text))
            case .prefix(let text): $0.message("prefix", .string(text))
            case .suffix(let text): $0.message("suffix", .string(text))
            case .safeRegex(let text): $0.message("safe_regex", regexMessage(text))
            case .contains(let text): $0.message("contains", .string(text))
            }
            $0.flag("ignore_case", ignoreCase)
        }
    }
}

/// `type.matcher.v3.RegexMatcher`.
func regexMessage(_ regex: String) -> JSON { .message { $0.text("regex", regex) } }

extension HeaderMatcher {
    package var json: JSON {
        .message {
            $0.text("name", name)
            switch test {
            case .range(let start, let end):
                $0.sub("range_match") {
                    if start != 0 { $0.text("start", String(start)) }
                    if end != 0 { $0.text("end", String(end)) }
                }
            case .present(let present): $0.flag("present_match", wrapped: present)
            case .string(let matcher): $0.message("string_match", matcher.json)
            }
            $0.flag("invert_match", invertMatch)
            $0.flag("treat_missing_header_as_empty", treatMissingHeaderAsEmpty)
        }
    }
}

extension QueryParameterMatcher {
    package var json: JSON {
        .message {
            $0.text("name", name)
            switch test {
            case .string(let matcher): $0.message("string_match", matcher.json)
            case .present(let present): $0.flag("present_match", wrapped: present)
            }
        }
    }
}

extension DynamicMetadataMatcher {
    var json: JSON {
        .message {
            $0.text("filter", filter)
            $0.list("path", path.map { key in .message { $0.text("key", key) } })
            let single: JSON = .message {
                if let value {
                    $0.message("string_match", value.json)
                } else {
                    $0.flag("present_match", true)
                }
            }
            $0.message(
                "value", isListMatch ? .message { $0.sub("list_match") { $0.message("one_of", single) } } : single)
            $0.flag("invert", invert)
        }
    }
}

extension FractionalPercent {
    package var json: JSON {
        .message {
            $0.number("numerator", plain: Int64(numerator))
            if denominator != .hundred { $0.text("denominator", denominator.rawValue) }
        }
    }
}

extension RegexRewrite {
    package var json: JSON {
        .message {
            $0.message("pattern", regexMessage(regex))
            $0.text("substitution", substitution)
        }
    }
}
