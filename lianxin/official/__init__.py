"""Official documents 公文: what one is made of, and how it is set as .docx after GB/T 9704."""
