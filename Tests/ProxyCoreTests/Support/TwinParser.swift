import TrafficEngine

@testable import ProxyCore

/// The same rules as `HeadScanner` and `RequestReader`, written to be obvious: whole lines as arrays, no state.
enum TwinParser {
    private struct Failure: Error { var error: HeadError }

    static func read(_ input: [UInt8]) -> HeadOutcome {
        let start = input.firstIndex { $0 != 13 && $0 != 10 } ?? input.count
        var rest = Array(input[start...])
        var lines: [[UInt8]] = []
        var used = start
        do {
            while let end = rest.firstIndex(of: 10) {
                var line = Array(rest[..<end])
                used += end + 1
                rest.removeSubrange(...end)
                if line.last == 13 { line.removeLast() }
                if lines.isEmpty { _ = try requestLine(line) }
                if line.isEmpty, !lines.isEmpty { return try head(lines, used) }
                lines.append(line)
                if lines.count > 1 { _ = try fields(lines) }
            }
            return .incomplete
        } catch let failure as Failure {
            return .refused(failure.error)
        } catch {
            return .incomplete
        }
    }

    private static func requestLine(_ line: [UInt8]) throws -> (method: String, target: [UInt8]) {
        let words = line.split(separator: 32, omittingEmptySubsequences: false).map { Array($0) }
        let methods =
            "GET POST PUT HEAD DELETE OPTIONS PATCH CONNECT TRACE ACL BIND CHECKOUT COPY LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE MSEARCH NOTIFY PROPFIND PROPPATCH PURGE REBIND REPORT SEARCH SOURCE SUBSCRIBE UNBIND UNLINK UNLOCK UNSUBSCRIBE"
        guard words.count == 3, methods.split(separator: " ").contains(where: { Array($0.utf8) == words[0] }),
            !words[1].isEmpty, words[1].allSatisfy({ $0 > 32 && $0 < 127 }), words[2].count == 8,
            words[2].starts(with: Array("HTTP/".utf8)), (48...57).contains(words[2][5]), words[2][6] == 46,
            (48...57).contains(words[2][7])
        else { throw Failure(error: .malformed) }
        guard words[2] == Array("HTTP/1.1".utf8) else { throw Failure(error: .lowVersion) }
        return (String(decoding: words[0], as: UTF8.self), words[1])
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes[...]
        while let first = bytes.first, first == 32 || first == 9 { bytes.removeFirst() }
        while let last = bytes.last, last == 32 || last == 9 { bytes.removeLast() }
        return Array(bytes)
    }

    private static func fields(_ lines: [[UInt8]]) throws -> [(name: [UInt8], value: [UInt8])] {
        let token = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        var fields: [(name: [UInt8], value: [UInt8])] = []
        for line in lines.dropFirst() {
            if line[0] == 32 || line[0] == 9 {
                guard !fields.isEmpty else { throw Failure(error: .malformed) }
                let more = trimmed(line)
                guard more.allSatisfy({ $0 == 9 || ($0 >= 32 && $0 != 127) }) else {
                    throw Failure(error: .invalidCharacters)
                }
                if more.isEmpty { continue }
                let old = fields[fields.count - 1].value
                fields[fields.count - 1].value = old.isEmpty ? more : old + [32] + more
                continue
            }
            guard let colon = line.firstIndex(of: 58), colon > 0, line[..<colon].allSatisfy({ token.contains($0) })
            else { throw Failure(error: .malformed) }
            let value = trimmed(Array(line[(colon + 1)...]))
            guard value.allSatisfy({ $0 == 9 || ($0 >= 32 && $0 != 127) }) else {
                throw Failure(error: .invalidCharacters)
            }
            guard fields.count < 100 else { throw Failure(error: .tooManyHeaders) }
            fields.append((line[..<colon].map { (65...90).contains($0) ? $0 + 32 : $0 }, value))
        }
        return fields
    }

    private static func head(_ lines: [[UInt8]], _ used: Int) throws -> HeadOutcome {
        let (method, target) = try requestLine(lines[0])
        var kept: [String] = []
        var host: [UInt8]?
        var length: UInt64?
        var isChunked = false
        var keepsAlive = true
        for (name, value) in try fields(lines) {
            let text = String(decoding: value, as: UTF8.self)
            switch String(decoding: name, as: UTF8.self) {
            case "host":
                host = host.map { $0 + [44] + value } ?? value
                continue
            case "content-length":
                guard !value.isEmpty, value.allSatisfy({ (48...57).contains($0) }), let number = UInt64(text) else {
                    throw Failure(error: .malformed)
                }
                if let length {
                    guard length == number else { throw Failure(error: .malformed) }
                    continue
                }
                length = number
            case "transfer-encoding":
                guard !isChunked, text.lowercased() == "chunked" else { throw Failure(error: .invalidTransferEncoding) }
                isChunked = true
            case "connection":
                for item in value.split(separator: 44)
                where String(decoding: trimmed(Array(item)), as: UTF8.self).lowercased() == "close" {
                    keepsAlive = false
                }
            default: break
            }
            kept.append(String(decoding: name, as: UTF8.self) + ": " + text)
        }
        if isChunked, length != nil { throw Failure(error: .lengthAndChunked) }
        var read = HeadOutcome.Read(
            method: method, path: "", authority: nil, fields: kept, framing: .none, keepsAlive: keepsAlive, used: used)
        if isChunked { read.framing = .chunked } else if let length { read.framing = .length(length) }
        let authority = Set("!$%&'()*+,-.:;=@[]_~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        if method == "CONNECT" {
            guard target.allSatisfy({ authority.contains($0) }) else { throw Failure(error: .malformed) }
            read.authority = String(decoding: target, as: UTF8.self)
            return .read(read)
        }
        let lower = String(decoding: target, as: UTF8.self).lowercased()
        if target[0] == 47 {
            read.path = String(decoding: target, as: UTF8.self)
        } else if target == [42] {
            guard method == "OPTIONS" else { throw Failure(error: .malformed) }
            return .answered(404)
        } else if lower.hasPrefix("http://") || lower.hasPrefix("https://") {
            let rest = target.dropFirst(lower.hasPrefix("https") ? 8 : 7)
            let end = rest.firstIndex { $0 == 47 || $0 == 63 } ?? rest.endIndex
            guard end > rest.startIndex else { throw Failure(error: .malformed) }
            host = Array(rest[..<end])
            read.path = end == rest.endIndex ? "/" : String(decoding: rest[end...], as: UTF8.self)
        } else {
            throw Failure(error: .malformed)
        }
        guard (host ?? []).allSatisfy({ authority.contains($0) }) else { return .answered(400) }
        read.authority = host.map { String(decoding: $0, as: UTF8.self) }
        return .read(read)
    }
}
