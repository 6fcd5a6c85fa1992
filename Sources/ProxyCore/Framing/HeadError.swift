/// Why a message head or body is refused, in Envoy's terms (rule book section 27).
package enum HeadError: Error, Hashable, Sendable {
    /// Bad request line, field name, length, chunk: whatever the codec cannot read.
    case malformed
    /// A NUL or control character in a value.
    case invalidCharacters
    /// HTTP/1.0, 0.9, 1.2, 2.0 on the request line.
    case lowVersion
    case headersTooLarge
    case tooManyHeaders
    case lengthAndChunked
    case invalidTransferEncoding
    /// `headers_with_underscores_action: REJECT_REQUEST`.
    case underscores

    package var status: Int {
        switch self {
        case .malformed, .invalidCharacters, .lengthAndChunked, .underscores: 400
        case .lowVersion: 426
        case .headersTooLarge, .tooManyHeaders: 431
        case .invalidTransferEncoding: 501
        }
    }

    /// Envoy's response code details.
    package var details: StaticString {
        switch self {
        case .malformed: "http1.codec_error"
        case .invalidCharacters: "http1.invalid_characters"
        case .lowVersion: "low_version"
        case .headersTooLarge: "http1.headers_too_large"
        case .tooManyHeaders: "http1.too_many_headers"
        case .lengthAndChunked: "http1.content_length_and_chunked_not_allowed"
        case .invalidTransferEncoding: "http1.invalid_transfer_encoding"
        case .underscores: "http1.unexpected_underscore"
        }
    }
}
