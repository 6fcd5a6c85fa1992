/// What one part of a split asks for.
package struct Length: Hashable, Sendable {
    package let minimum: Int
    package let maximum: Int
    /// How much of what is left over goes here, beside the other parts; 0 takes nothing over the minimum.
    package let weight: Int

    private init(minimum: Int, maximum: Int, weight: Int) {
        self.minimum = max(0, minimum)
        self.maximum = max(self.minimum, maximum)
        self.weight = max(0, weight)
    }

    /// Exactly so many cells.
    package static func fixed(_ cells: Int) -> Length { Length(minimum: cells, maximum: cells, weight: 0) }

    /// A share of what is left, within bounds.
    package static func share(_ weight: Int = 1, min: Int = 0, max: Int = .max) -> Length {
        Length(minimum: min, maximum: max, weight: weight)
    }
}

/// The sizes that `lengths` get of `total` cells: minima first, from the front, then the rest by weight up to the
/// maxima. The sum is never more than `total`.
package func distribute(_ total: Int, among lengths: [Length]) -> [Int] {
    var left = max(0, total)
    var sizes: [Int] = []
    sizes.reserveCapacity(lengths.count)
    for length in lengths {
        let size = min(length.minimum, left)
        sizes.append(size)
        left -= size
    }
    while left > 0 {
        let open = lengths.indices.filter { lengths[$0].weight > 0 && sizes[$0] < lengths[$0].maximum }
        let weights = open.reduce(0) { $0 + lengths[$1].weight }
        guard weights > 0 else { break }
        let pool = left
        for index in open where left > 0 {
            let wanted = max(1, pool * lengths[index].weight / weights)
            let size = min(wanted, lengths[index].maximum - sizes[index], left)
            sizes[index] += size
            left -= size
        }
    }
    return sizes
}

extension Rect {
    /// Splits into rows, one above the other.
    package func rows(_ lengths: [Length]) -> [Rect] {
        var top = y
        return distribute(height, among: lengths).map { size in
            defer { top += size }
            return Rect(x, top, width, size)
        }
    }

    /// Splits into columns, side by side.
    package func columns(_ lengths: [Length]) -> [Rect] {
        var left = x
        return distribute(width, among: lengths).map { size in
            defer { left += size }
            return Rect(left, y, size, height)
        }
    }
}
