/// A value on the heap, copied when it is changed while somebody else holds it too: copying costs one reference, however many the
/// value has.
package struct CopyOnWrite<Value: Hashable & Sendable>: Hashable, Sendable {
    // Changed only while nobody else holds it.
    @usableFromInline
    final class Storage: @unchecked Sendable {
        @usableFromInline var value: Value

        @inlinable
        init(_ value: Value) { self.value = value }
    }

    @usableFromInline var storage: Storage

    @inlinable
    package init(_ value: Value) { storage = Storage(value) }

    @inlinable
    package var value: Value {
        @inline(__always) _read { yield storage.value }
        @inline(__always) _modify {
            if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
            yield &storage.value
        }
    }

    @inlinable
    package static func == (left: Self, right: Self) -> Bool {
        left.storage === right.storage || left.value == right.value
    }

    @inlinable
    package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
