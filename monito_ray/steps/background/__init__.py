"""What runs beside the steps and serves all attempts: shared executions, the workbook's refresh, the messages in chats."""
