/// What decisions ask of a request again and again, found once.
struct RequestView {
    /// `http` or `https`, in the storage of the request.
    var scheme = ByteRange.empty
    /// The path without its query.
    var path = ByteRange.empty
    /// The path that routes are matched with: without parameters where the configuration says so.
    var matchedPath = ByteRange.empty
    var isHTTPS = false
    var isGRPC = false
    var hasPeerCertificate = false
    var isTLS = false
    /// The request's random value.
    var random: UInt64 = 0

    init() {}

    /// Finds the parts of the path again, after it has changed.
    mutating func update(_ request: borrowing RequestHead, ignoresParameters: Bool) {
        path = request.block.part(
            request.path, from: 0,
            to: request.block.firstIndex(of: UInt8(ascii: "?"), in: request.path) ?? Int(request.path.count))
        matchedPath = path
        if ignoresParameters, let cut = request.block.firstIndex(of: UInt8(ascii: ";"), in: path) {
            matchedPath = request.block.part(path, from: 0, to: cut)
        }
    }
}

extension RequestHead {
    /// The part of the path behind the first `?`; `nil` without one.
    var query: ByteRange? {
        guard let mark = block.firstIndex(of: UInt8(ascii: "?"), in: path) else { return nil }
        return block.part(path, from: mark + 1, to: Int(path.count))
    }

    /// The value of the first query parameter of that name, not decoded.
    func queryParameter(_ name: [UInt8]) -> ByteRange? {
        guard let query else { return nil }
        var start = 0
        let end = Int(query.count)
        while start <= end {
            var stop = start
            var equals = -1
            while stop < end {
                let byte = block.byte(query, stop)
                if byte == UInt8(ascii: "&") { break }
                if byte == UInt8(ascii: "="), equals < 0 { equals = stop }
                stop += 1
            }
            let key = block.part(query, from: start, to: equals < 0 ? stop : equals)
            if block.equals(key, name) {
                return equals < 0 ? ByteRange.empty : block.part(query, from: equals + 1, to: stop)
            }
            start = stop + 1
        }
        return nil
    }
}
