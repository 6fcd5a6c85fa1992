/// An optional part of a value, on the heap: a value with many parts that are seldom there stays small, and copying it costs a
/// reference for each part instead of the part.
///
/// ```swift
/// @Boxed package var corsPolicy: CORSPolicy?
/// ```
@propertyWrapper
package struct Boxed<Value: Hashable & Sendable>: Hashable, Sendable {
    @usableFromInline
    final class Box: Sendable {
        @usableFromInline let value: Value

        @inlinable
        init(_ value: Value) { self.value = value }
    }

    @usableFromInline var box: Box?

    @inlinable @inline(__always)
    package init() {}

    @inlinable @inline(__always)
    package init(wrappedValue: Value?) {
        if let wrappedValue { box = Box(wrappedValue) }
    }

    @inlinable
    package var wrappedValue: Value? {
        @inline(__always) get { box?.value }
        @inline(__always) set { self = Boxed(wrappedValue: newValue) }
    }

    // Mostly there is nothing on both sides, which is told without a call.
    @inlinable @inline(__always)
    package static func == (left: Self, right: Self) -> Bool {
        left.box === right.box || hasSameValues(left.box, right.box)
    }

    @inlinable
    static func hasSameValues(_ left: Box?, _ right: Box?) -> Bool {
        guard let left, let right else { return false }
        return left.value == right.value
    }

    @inlinable
    package func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}

extension Boxed: CustomReflectable {
    package var customMirror: Mirror { Mirror(reflecting: wrappedValue as Any) }
}
