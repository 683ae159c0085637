-- Neovim as a client of the language server, without a screen: opens a Service, asks for everything, and prints it as JSON.
-- Arguments by environment: SERVER (dist/server.js), FOLDER (the workspace), OUTPUT (where the answers go).
local folder = vim.env.FOLDER
local answers = {}

local function finish(problem)
  answers.problem = problem
  local out = assert(io.open(vim.env.OUTPUT, 'w'))
  out:write(vim.json and vim.json.encode(answers) or vim.fn.json_encode(answers))
  out:close()
  vim.cmd('qall!')
end

local function drive()
  vim.cmd('edit ' .. folder .. '/service.yaml')
  local buffer = vim.api.nvim_get_current_buf()
  local options = {
    name = 'kube-playground',
    cmd = { vim.env.NODE, vim.env.SERVER, '--stdio' },
    root_dir = folder,
    workspace_folders = { { uri = vim.uri_from_fname(folder), name = 'test' } },
  }
  local client
  -- `start` is Neovim 0.8's; before, the two steps were separate.
  if vim.lsp.start then
    client = vim.lsp.start(options, { bufnr = buffer })
  else
    client = vim.lsp.start_client(options)
    vim.lsp.buf_attach_client(buffer, client)
  end
  answers.attached = client ~= nil

  local found = vim.wait(20000, function()
    return #vim.diagnostic.get(buffer) > 0
  end, 20)
  if not found then return finish('no diagnostics came') end
  answers.diagnostics = vim.tbl_map(function(each)
    return { line = each.lnum, message = each.message }
  end, vim.diagnostic.get(buffer))

  local function ask(method, line, character, more)
    local params = vim.tbl_extend('force', {
      textDocument = { uri = vim.uri_from_bufnr(buffer) },
      position = { line = line, character = character },
    }, more or {})
    local all = vim.lsp.buf_request_sync(buffer, method, params, 10000) or {}
    for _, answer in pairs(all) do
      return answer.result
    end
  end

  answers.definition = ask('textDocument/definition', 6, 11)
  answers.hover = ask('textDocument/hover', 5, 4)
  answers.completion = ask('textDocument/completion', 5, 2)
  -- Renaming a label that a template and two selectors have.
  local edit = ask('textDocument/rename', 6, 11, { newName = 'front' })
  if edit then
    local encoding = vim.lsp.get_client_by_id(client).offset_encoding
    vim.lsp.util.apply_workspace_edit(edit, encoding)
    vim.cmd('silent! wall')
  end
  answers.renamed = edit ~= nil
  finish()
end

local ok, problem = pcall(drive)
if not ok then finish(tostring(problem)) end
