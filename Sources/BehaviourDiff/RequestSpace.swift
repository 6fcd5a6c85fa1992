import EnvoyModel
import TrafficEngine

/// The requests that the routes of two virtual hosts can tell apart: for every path at the border of a condition, all combinations of
/// the headers and query parameters that routes for this path look at.
struct RequestSpace {
    private(set) var requests: [SyntheticRequest] = []
    /// More combinations than the limit: they were sampled, differences may be missing.
    private(set) var isCut = false
    private let sides: [[CompiledRoute]]
    private let base: SyntheticRequest

    /// One value of a request that conditions look at.
    private enum Dimension: Hashable {
        case header(String)
        case query(String)
    }

    init(_ old: CompiledVirtualHost?, _ new: CompiledVirtualHost?, base: SyntheticRequest, limit: Int) {
        sides = [old?.routes ?? [], new?.routes ?? []]
        self.base = base
        var seen: [[[Int]]: Int] = [:]
        for path in paths() {
            let relevant = sides.map { Self.relevant($0, path) }
            // Paths with the same routes to choose from differ only in how they are rewritten: a few are enough.
            let signature = relevant.map { $0.map(\.index) }
            if seen[signature, default: 0] >= 3 { continue }
            seen[signature, default: 0] += 1
            combine(path, relevant, limit)
        }
    }

    private func paths() -> [String] {
        var result: [String] = ["/", "/meshtop-no-such-path"]
        for route in sides.joined() {
            result += TextSamples.of(route.value.match)
            for header in route.value.match.headers where header.name == ":path" {
                result += TextSamples.of(header).compactMap { $0 }.filter { $0.hasPrefix("/") }
            }
        }
        var known: Set<String> = []
        return result.filter { known.insert($0).inserted }
    }

    /// The routes that a path can get to, down to the first one without another condition.
    private static func relevant(_ routes: [CompiledRoute], _ path: String) -> [CompiledRoute] {
        var result: [CompiledRoute] = []
        for route in routes where route.takes(path: path) {
            result.append(route)
            let match = route.value.match
            if match.headers.isEmpty, match.queryParameters.isEmpty, !match.grpc, match.runtimeFraction == nil,
                match.tlsContextPresented == nil, match.tlsContextValidated == nil, match.dynamicMetadata.isEmpty
            {
                break
            }
        }
        return result
    }

    private mutating func combine(_ path: String, _ relevant: [[CompiledRoute]], _ limit: Int) {
        var order: [Dimension] = []
        var values: [Dimension: [String?]] = [:]
        func add(_ dimension: Dimension, _ samples: [String?]) {
            if values[dimension] == nil { order.append(dimension) }
            for sample in samples where !(values[dimension]?.contains(sample) ?? false) {
                values[dimension, default: []].append(sample)
            }
        }
        for route in relevant.joined() {
            for header in route.value.match.headers where header.name != ":path" && header.name != ":authority" {
                let name = header.name.lowercased()
                if name == ":method" { add(.header(name), ["GET", "POST"]) }
                add(.header(name), TextSamples.of(header).filter { name != ":method" || $0 != nil })
            }
            for parameter in route.value.match.queryParameters {
                add(.query(parameter.name), TextSamples.of(parameter))
            }
            if route.value.match.grpc { add(.header("content-type"), ["application/grpc", nil]) }
        }
        let counts = order.map { values[$0]?.count ?? 1 }
        let total = counts.reduce(1) { product, count in
            let (value, overflow) = product.multipliedReportingOverflow(by: count)
            return overflow ? .max : value
        }
        if total <= limit {
            for number in 0..<total {
                var rest = number
                var choice: [Dimension: String?] = [:]
                for (dimension, count) in zip(order, counts) {
                    choice[dimension] = values[dimension]?[rest % count]
                    rest /= count
                }
                append(path, choice)
            }
        } else {
            isCut = true
            sample(path, relevant, order, values, limit)
        }
    }

    /// Too many combinations: for each route, and each pair of routes, a request that meets all of its conditions, and those that
    /// differ from it in one value.
    private mutating func sample(
        _ path: String, _ relevant: [[CompiledRoute]], _ order: [Dimension], _ values: [Dimension: [String?]],
        _ limit: Int
    ) {
        let all = relevant.flatMap { $0 }
        let start = requests.count
        for (place, first) in all.enumerated() {
            for second in [nil] + all.dropFirst(place + 1).map(Optional.some) {
                guard requests.count - start < limit else { return }
                var choice: [Dimension: String?] = [:]
                for dimension in order {
                    choice[dimension] =
                        (values[dimension] ?? []).first { value in
                            [first, second].allSatisfy { $0.map { Self.fits(value, dimension, $0) } ?? true }
                        } ?? .some(nil)
                }
                append(path, choice)
                guard second == nil else { continue }
                for dimension in order {
                    for value in values[dimension] ?? [] {
                        var other = choice
                        other[dimension] = value
                        append(path, other)
                    }
                }
            }
        }
    }

    /// Whether a value meets what a route asks of this dimension.
    private static func fits(_ value: String?, _ dimension: Dimension, _ route: CompiledRoute) -> Bool {
        switch dimension {
        case .header(let name):
            let headers = value.map { [SyntheticRequest.Header(name, $0)] } ?? []
            return route.value.match.headers.allSatisfy { $0.name.lowercased() != name || $0.matches(headers) }
        case .query(let name):
            return route.value.match.queryParameters.allSatisfy { parameter in
                guard parameter.name == name else { return true }
                switch parameter.test {
                case .present(let wanted): return (value != nil) == wanted
                case .string(let matcher): return value.map { matcher.matches($0) } ?? false
                }
            }
        }
    }

    private mutating func append(_ path: String, _ choice: [Dimension: String?]) {
        var request = base
        request.path = path
        var query: [String] = []
        for (dimension, value) in choice.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            guard let value else { continue }
            switch dimension {
            case .header(":method"): request.method = value
            case .header(":scheme"): continue
            case .header(let name): request.headers.append(SyntheticRequest.Header(name, value))
            case .query(let name): query.append(value.isEmpty ? name : "\(name)=\(value)")
            }
        }
        if !query.isEmpty { request.path += (path.contains("?") ? "&" : "?") + query.joined(separator: "&") }
        requests.append(request)
    }
}
