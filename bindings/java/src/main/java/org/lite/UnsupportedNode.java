package org.lite;

/**
 * A node that the library cannot run, and why.
 *
 * @param name the node's; may be empty
 * @param opType the operator
 * @param domain the operator's, "" for ONNX's own
 * @param opset the version of the domain that the model declares
 * @param types element types of the inputs
 * @param reason why it cannot run
 * @param suggestion the nearest thing that works; may be empty
 */
public record UnsupportedNode(
    String name, String opType, String domain, int opset, String types, String reason, String suggestion) {}
