/// The methods that Envoy's codec knows; others are refused unless custom methods are allowed.
enum Methods {
    private static let known: [StaticString] = [
        "GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "ACL", "BIND", "CHECKOUT",
        "COPY",
        "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MOVE", "MSEARCH", "NOTIFY", "PROPFIND",
        "PROPPATCH", "PURGE", "REBIND", "REPORT", "SEARCH", "SOURCE", "SUBSCRIBE", "UNBIND", "UNLINK", "UNLOCK",
        "UNSUBSCRIBE",
    ]

    static func contains(_ bytes: borrowing MutableSpan<UInt8>, _ start: Int, _ end: Int) -> Bool {
        let count = end - start
        if count == 3, bytes[start] == 71, bytes[start + 1] == 69, bytes[start + 2] == 84 { return true }
        for method in known where method.utf8CodeUnitCount == count {
            let isEqual = method.withUTF8Buffer { text in
                var index = 0
                while index < count, text[index] == bytes[start + index] { index += 1 }
                return index == count
            }
            if isEqual { return true }
        }
        return false
    }
}
