import Glibc

/// An array that only its owner sees: no reference counts and no checks of uniqueness at each append, which cost more
/// than libyaml's scanner leaves for a scalar. Reads are bounds-checked.
struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>?
    private var capacity = 0
    private(set) var count = 0

    init() {}

    deinit { free(base) }

    /// What is in it, valid until the next change.
    var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

    subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count)
            return elements[index]
        }
        set {
            precondition(index >= 0 && index < count)
            base?[index] = newValue
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { reserve(max(2 * capacity, 16)) }
        base?[count] = element
        count += 1
    }

    @inline(__always)
    mutating func append(_ other: UnsafeBufferPointer<Element>) {
        guard let source = other.baseAddress else { return }
        if count + other.count > capacity { reserve(max(2 * capacity, count + other.count)) }
        if let base { (base + count).update(from: source, count: other.count) }
        count += other.count
    }

    /// Drops all elements from this one on.
    mutating func truncate(to newCount: Int) {
        precondition(newCount >= 0 && newCount <= count)
        count = newCount
    }

    /// Makes room for so many elements. Without memory for them the process ends, as with any array of Swift's.
    @inline(never)
    mutating func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        resize(to: needed)
    }

    /// Gives away what is in it, without what was reserved beyond; whoever gets it frees it.
    mutating func take() -> UnsafeBufferPointer<Element> {
        if count == 0 {
            free(base)
            base = nil
        } else if count < capacity {
            resize(to: count)
        }
        let taken = elements
        base = nil
        (capacity, count) = (0, 0)
        return taken
    }

    private mutating func resize(to newCapacity: Int) {
        let moved = realloc(base, newCapacity * MemoryLayout<Element>.stride)
        precondition(moved != nil, "out of memory")
        base = moved?.assumingMemoryBound(to: Element.self)
        capacity = newCapacity
    }
}
