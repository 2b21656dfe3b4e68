"""The certainty and claims pages of the workbench: ground, proposals, an editor."""
