/// A parsed document: one immutable tree. (Declared here so that other targets compile; the reader's commit replaces this file.)
package final class Document: Sendable {
    package init() {}
}

/// A value of a document, by reference.
package struct Node: Sendable {
    package let document: Document
    package let index: Int
}
