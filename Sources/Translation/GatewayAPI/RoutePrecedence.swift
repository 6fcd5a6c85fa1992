import MeshModel

/// Which of two converted routes is asked first (18.4.4). Each has one match, or none.
enum RoutePrecedence {
    /// Sorted, routes of equal precedence as they were.
    static func sorted(_ routes: [VirtualService.HTTPRoute]) -> [VirtualService.HTTPRoute] {
        let ranked = routes.enumerated().map { (offset: $0.offset, rank: Rank($0.element), route: $0.element) }
        return ranked.sorted { left, right in
            left.rank == right.rank ? left.offset < right.offset : left.rank < right.rank
        }.map(\.route)
    }

    private struct Rank: Comparable {
        let keys: [Int]

        init(_ route: VirtualService.HTTPRoute) {
            guard let match = route.match.first else {
                keys = [1]
                return
            }
            let (kind, length) =
                switch match.uri {
                case .exact(let text): (3, text.utf8.count)
                case .prefix(let text): (2, text.utf8.count)
                case .regex(let text): (1, text.utf8.count)
                // The API server gives a match without path the prefix `/`.
                case .empty, nil: (2, 1)
                }
            keys = [0, -kind, -length, match.method == nil ? 1 : 0, -match.headers.count, -match.queryParams.count]
        }

        static func < (left: Self, right: Self) -> Bool { left.keys.lexicographicallyPrecedes(right.keys) }
    }
}
