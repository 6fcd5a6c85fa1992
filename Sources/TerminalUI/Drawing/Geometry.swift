/// A size in cells; never negative.
package struct Size: Hashable, Sendable {
    package var width: Int
    package var height: Int

    package init(_ width: Int, _ height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }
}

/// A cell's place, counted from 0 at the top left.
package struct Point: Hashable, Sendable {
    package var x: Int
    package var y: Int

    package init(_ x: Int, _ y: Int) {
        self.x = x
        self.y = y
    }
}

/// A rectangle of cells; width and height are never negative.
package struct Rect: Hashable, Sendable {
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int

    package init(_ x: Int, _ y: Int, _ width: Int, _ height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    package init(_ size: Size) { self.init(0, 0, size.width, size.height) }

    /// The column just right of the rectangle.
    package var maxX: Int { x + width }
    /// The row just below the rectangle.
    package var maxY: Int { y + height }
    package var isEmpty: Bool { width == 0 || height == 0 }

    package func contains(_ point: Point) -> Bool {
        point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
    }

    package func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(left, top, min(maxX, other.maxX) - left, min(maxY, other.maxY) - top)
    }

    /// The rectangle without `dx` columns on the left and on the right and `dy` rows above and below.
    package func inset(_ dx: Int, _ dy: Int) -> Rect { Rect(x + dx, y + dy, width - 2 * dx, height - 2 * dy) }

    /// A rectangle of at most this size in the middle of this one.
    package func centered(_ width: Int, _ height: Int) -> Rect {
        let width = min(width, self.width)
        let height = min(height, self.height)
        return Rect(x + (self.width - width) / 2, y + (self.height - height) / 2, width, height)
    }

    /// The row of this number inside the rectangle, empty when it has none.
    package func row(_ index: Int) -> Rect {
        index >= 0 && index < height ? Rect(x, y + index, width, 1) : Rect(x, y, 0, 0)
    }
}
